"""Who is related to whom; customers noted and claimed."""
