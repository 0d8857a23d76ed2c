"""The form of an import of an inventory."""

from django import forms


class ImportForm(forms.Form):
    tableau = forms.FileField(
        label="Le tableau de l’inventaire",
        help_text="XLSX ou CSV. Une ligne par matériel. Seule la colonne Nom est obligatoire\u00a0; la catégorie se "
        "devine souvent du nom.",
        error_messages={"required": "Choisissez le tableau, puis recommencez.", "empty": "Ce fichier est vide."},
    )
    brouillons = forms.BooleanField(
        label="Garder les fiches en brouillon",
        required=False,
        help_text="Pour y ajouter une photo avant de les publier une à une.",
    )
