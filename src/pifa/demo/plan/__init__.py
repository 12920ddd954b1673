"""What the demo market will be, before anything of it is written: companies, goods and orders.

Pure: a seed and a scale in, plain data out, the same on every Python. `companies` says who there
is and which standing each is meant to reach, `goods` what they sell, `trade` who orders what when.
"""
