"""Files and folders of results: read, checked and written whole."""
