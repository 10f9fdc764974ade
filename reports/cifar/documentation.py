"""The documentation of the files of a study, made from their declaration.

`python -m reports.cifar.documentation` writes `docs/study.md`.
"""

from pathlib import Path

from reports.cifar.record import (
    FORMAT,
    History,
    StudyData,
    StudyRecord,
    StudySettings,
    TrainingRun,
)
from reports.sources.validation import documentation
from reports.sources.writing import write_text

FILE = Path("docs", "study.md")

PAGE = """\
# A study of training, and its files

`python -m bench.cifar` writes a folder of files. This page describes format {format};
`python -m reports` reads format 1 too, in which `parameters` include non-trainable ones. It is made
from `reports/cifar/record.py`: `python -m reports.cifar.documentation` writes it again.

| file | |
| --- | --- |
| `cifar.json` | what all runs have in common |
| `images.npz` | 25 training images, and the ten test images of the kernel maps |
| `MODEL/seed-N/run.json` | what is known of one run |
| `MODEL/seed-N/epoch-E.keras` | the model after epoch E, from which training is resumed |
| `MODEL/seed-N/model.keras` | the trained model |
| `MODEL/seed-N/kernels.npz` | kernel maps of its involution layers |

## cifar.json

{study}

`settings`:

{settings}

`data`:

{data}

## run.json

{run}

`history`:

{history}

## ResNet-18 and RedNet-18

In a report to the repository of the paper's code (github.com/d-li14/involution/issues/4), ResNet-18
has a test accuracy of 93.9 % on CIFAR-10. RedNet-18, which has involution in place of the second
3x3 convolution of each block, has 92.1 %. On a machine with a GPU this trains both:

```sh
python -m bench.cifar --models resnet18 rednet18 --augment --batch 128 --epochs 200 \\
    --output results/cifar-18
```

| model | trainable parameters | MACs per image | reported accuracy, % |
| --- | --- | --- | --- |
| `resnet18` | 11,173,962 | 555,422,720 | 93.9 |
| `rednet18` | 5,621,122 | 299,553,792 | 92.1 |

By formula an epoch of ResNet-18 is three passes over 50,000 images, 83 T MACs. No time is stated
here, as nobody has trained the pair with this suite yet; from the second epoch on the command
prints what one takes. The report does not say how its two networks were trained, nor the kernel
size of its involution, which is 7 here as in the paper. `bench.cifar` trains with Adam at a fixed
learning rate. A lower accuracy would therefore not refute the published ones; what can be compared
is the difference between the two.

## Publish a trained model

```sh
pip install -e . --group publish
hf auth login
python -m bench.cifar.publish results/cifar/tutorial_inn/seed-0 --to hf://USER/NAME
```

uploads the model and a model card to the [Hugging Face hub](https://huggingface.co), in one commit.
Anyone then loads it with `keras.saving.load_model("hf://USER/NAME")`. `--dry-run` writes the folder
that would be uploaded, and needs neither a token nor the network. A repository that holds anything
else than this run is left alone without `--replace`.

| file | |
| --- | --- |
| `config.json`, `metadata.json`, `model.weights.h5` | the model, without its optimizer's state |
| `README.md` | the card: data, training, metrics of all finished seeds, limits, licence |
| `run.json` | the run, with loss and accuracy after each epoch |

## Put trained models into the package

```sh
python -m bench.cifar.weights \\
    results/cifar/{{tutorial_cnn,tutorial_inn,tutorial_cnn_involution}}/seed-0
```

writes the weights of finished runs into `involution/models/weights`, from which
`tutorial_cnn(weights="cifar10")` loads them. Weights that `index.json` names there and whose run is
not among those given are removed: name the runs of all models that have weights. It takes runs of
one study of CIFAR-10, of seed 0 and with equal numbers of epochs, and at most 2.5 MB in all.

| file | |
| --- | --- |
| `MODEL-cifar10.weights.h5` | the weights of a model, without its optimizer's state |
| `index.json` | the data; of each file its SHA-256, size, parameters and accuracies |
| `README.md` | the card: data, training, metrics of all finished seeds, limits, licence |
"""


def page() -> str:
    """Write the tables of all keys, in Markdown."""
    return PAGE.format(
        format=FORMAT,
        study=documentation(StudyRecord),
        settings=documentation(StudySettings),
        data=documentation(StudyData),
        run=documentation(TrainingRun),
        history=documentation(History),
    )


if __name__ == "__main__":
    write_text(FILE, page())
    print(FILE)
