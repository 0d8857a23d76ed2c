"""The responsable’s side: making sessions, following one, writing to those in it."""
