"""The policy of the page: exactly the script and the styles that are in it."""

import base64
import hashlib
import re

from reports.output import script


def test_the_library_brings_its_notices():
    code, style = script.library()
    assert "MIT" in code
    assert "SpryMedia" in code
    assert "</script" not in code
    assert "</style" not in style


def test_the_policy_allows_what_is_there_by_its_hash_alone():
    policy = script.policy("<style>a{}</style><p><style type='x'>b{}</style>", "run()")
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in (b"a{}", b"b{}", b"run()")
    }
    assert set(re.findall(r"'sha256-[^']*'", policy)) == hashes
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]
    assert "unsafe-eval" not in policy
