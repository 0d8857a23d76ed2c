"""What a browser would send back: the fields of a form of the admin as the page shows them."""

from django.test import Client


def filled(client: Client, url: str, **changes: object) -> dict[str, object]:
    """The data of the form at `url`, rows under it included, with `changes` (None takes a field away)."""
    form = client.get(url).context["form"]
    data: dict[str, object] = {}
    forms = [form]
    if hasattr(form, "lignes"):
        data |= {
            f"{form.lignes.management_form.add_prefix(k)}": v for k, v in form.lignes.management_form.initial.items()
        }
        forms += list(form.lignes)
    for one in forms:
        for bound in one:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = value
    data |= {name: value for name, value in changes.items() if value is not None}
    for name in [name for name, value in changes.items() if value is None]:
        data.pop(name, None)
    return data


def send(client: Client, url: str, **changes: object) -> object:
    return client.post(url, filled(client, url, **changes))


def errors(response: object) -> str:
    """Everything the form complains of, on one line with plain spaces; empty when it was accepted."""
    if response.status_code == 302:
        return ""
    form = response.context["form"]
    found = [str(message) for messages in form.errors.values() for message in messages]
    if hasattr(form, "lignes"):
        found += [str(m) for row in form.lignes.errors for messages in row.values() for m in messages]
    return " ".join(found).replace("\u00a0", " ")
