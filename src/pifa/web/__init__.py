"""The pages, arranged by who looks at them. A page is thin: parse, one command or a few queries, show."""
