"""Ways of paying, one folder each, behind one small protocol.

To add one: a folder here with a class that follows `protocol.PaymentMethod`, and its line in
`registry.METHODS`. Commands and pages know the protocol and no method by name.
"""
