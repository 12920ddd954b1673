"""Online payment through a gateway adapter: the payer is sent to the gateway's page."""
