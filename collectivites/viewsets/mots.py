"""Words that Wagtail leaves in English where no template of ours reaches them: labels of its forms and filters."""

from wagtail.admin.forms.choosers import AnchorLinkChooserForm, EmailLinkChooserForm, PhoneLinkChooserForm
from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView

LIENS = {
    "url": "Ancre",
    "link_text": "Texte du lien",
    "email_address": "Adresse de courriel",
    "subject": "Objet",
    "body": "Message",
    "phone_number": "Numéro de téléphone",
}


def put_in_french() -> None:
    """Called once, when the hooks are read: before any of these forms is made."""
    for form in (AnchorLinkChooserForm, EmailLinkChooserForm, PhoneLinkChooserForm):
        for name, field in form.base_fields.items():
            field.label = LIENS[name]
    WorkflowView.page_title, WorkflowTasksView.page_title = "Relectures", "Étapes des relectures"
    for filters in (PageFilterSet, GenericPageFilterSet):
        filters.base_filters["has_child_pages"].extra["empty_label"] = "Indifférent"
