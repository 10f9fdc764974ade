"""A page to try the trained models on a picture: `python -m demo`. The folder is a Space, too."""
