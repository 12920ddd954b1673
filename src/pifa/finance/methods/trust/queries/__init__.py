"""What trust payment tells: buyers of their mandate and orders, staff of all of them."""
