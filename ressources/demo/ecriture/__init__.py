"""Writers of the files of the demo."""
