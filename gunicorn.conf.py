"""What gunicorn reads by itself when it starts here: the site as in service, the demonstration, the measures."""

# Bytes, the most it allows. By default 4 094: an address with twenty communes and a few themes was answered in English.
limit_request_line = 8190
