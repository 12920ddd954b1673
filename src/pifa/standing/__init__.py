"""Every company rated each night by the rulebook of the day, and told why.

Buyer levels with the credit score, seller tiers, trade medals; who rises, who falls and when.
Metrics say what a company did (`pifa.metrics`), the rulebook what that is worth
(`pifa.rulebook`); here both meet, are kept, and become grants (`pifa.benefits`). Other floors
read grants and never ask for a medal.
"""
