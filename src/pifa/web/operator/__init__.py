"""The operators side: work queues, disputes, the market clock."""
