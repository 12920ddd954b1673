"""Purchase approval (采购审批): an order above a purchaser's limit waits for its company's finance
role before anybody can pay it. The stock is reserved meanwhile; unanswered, the order closes at
its payment deadline as any unpaid one.
"""
