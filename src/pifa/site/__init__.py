"""The assembled server: settings, addresses, the WSGI application and its worker."""
