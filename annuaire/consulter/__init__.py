"""Reading the annuaire: what is asked, what answers, in the words of its pages."""
