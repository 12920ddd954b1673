"""Quick payment (网商银行快捷支付): from the payer's account at the partner bank, done at once."""
