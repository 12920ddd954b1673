"""The order desk: finding orders, an order's page, shipping, sheets, refunds."""
