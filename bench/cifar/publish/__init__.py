"""A trained model and its card, for the Hugging Face hub."""
