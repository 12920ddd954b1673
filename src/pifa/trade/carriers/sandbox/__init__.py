"""The embedded carriers: they move parcels in market time, so that tracking can be tried."""
