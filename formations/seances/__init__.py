"""Around the day itself: convocations, presences by half-day, papers, attestations."""
