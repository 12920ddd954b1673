"""Order invitations in the seller centre: the list, filling one in, sending it, many by a sheet."""
