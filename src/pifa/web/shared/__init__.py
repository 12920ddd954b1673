"""Pages that the buyer's and the seller's centre have in common, told by which side one looks.

A centre names its side, its navigation and its guard (`Centre`) and takes the addresses of
`urls.pages(centre)` into its own. Nothing here knows a buyer's or a seller's page.
"""
