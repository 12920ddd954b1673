"""Adapters to payment gateways behind one protocol; embedded is the sandbox bank's."""
