"""Alipay and WeChat Pay played on this machine, with real keys made at the start.

It is the other side of `pifa.finance.gateways.alipay` and `.wechat` and shares no code with them
or their client libraries: it verifies each request and signs each answer and notice itself. The
tests play with it; `python -m tools.gateway_emulator` serves it to look at.
"""
