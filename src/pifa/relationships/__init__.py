"""Who knows whom, and who may therefore see what.

A relationship joins a seller and one of its customers. The customer may not be a member of
the market yet (past trade brings such customers in); it is then known to that seller only,
and can be claimed by a company later. Customer files with all they hold sit above, in crm.
"""
