"""The key-account programme in the console: seasons, the reviewers' desk, the war room, account
managers, appeals, freezes and marks."""
