"""What surrounds the days themselves: convocations, reminders, presences, signed sheets, closing, attestations."""
