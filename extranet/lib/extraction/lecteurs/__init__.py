"""What runs in the confined process: nothing of Django, nothing of the project but this folder and `..demarrage`."""
