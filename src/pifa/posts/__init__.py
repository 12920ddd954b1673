"""What a seller tells its customers in the private channel: words, pictures, goods.

Whom a post is meant for is decided here; whose customer somebody is, `relationships` knows, and
which goods of a post a reader may see, `catalog`.
"""
