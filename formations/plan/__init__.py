"""From the needs of the communes to sessions: campaigns, lines of the plan, wishes."""
