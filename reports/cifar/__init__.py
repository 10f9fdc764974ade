"""Results of `python -m bench.cifar`: runs of training, their analysis, figures and words."""
