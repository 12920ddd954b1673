"""The REST API: OpenAPI 3.1, problem details, cursor paging, idempotency keys, tokens."""
