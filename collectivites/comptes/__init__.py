"""Who enters, how, and for how long. The mails are those of `notifications/comptes.py`, the addresses of `extranet`."""
