"""After the sessions: opinions, what each person has followed, figures by commune, theme and year."""
