"""One spelling for what a table shows and what boto3 returns, so that the two can be compared."""

import json

# What finds our own lost creates again; a user never sees it.
HIDDEN_TAG = "iasql:intent"
# What iasql keeps for itself.
NOT_IN_AWS = {"id", "skip_final_snapshot"}
DOCUMENTS = {"policy_text", "assume_role_policy_document", "env_variables"}


def canonical(row):
    # "" is no opinion
    row = {column: None if value == "" else value for column, value in row.items() if column not in NOT_IN_AWS}
    for column, value in row.items():
        if hasattr(value, "network_address"):
            row[column] = str(value)
        elif hasattr(value, "timestamp"):
            row[column] = int(value.timestamp() * 1000)
        elif isinstance(value, list) and all(isinstance(element, str) for element in value):
            row[column] = sorted(value)  # AWS promises no order
    if "tags" in row:
        row["tags"] = row["tags"] or {}
    for column in DOCUMENTS & row.keys():
        if isinstance(row[column], str):
            row[column] = json.loads(row[column])
    return row


def tags_of(pairs):
    """AWS's tags, as a map or as pairs, in a dict without ours."""
    if isinstance(pairs, list):
        pairs = [{name.lower(): value for name, value in pair.items()} for pair in pairs]
        pairs = {pair["key"]: pair["value"] for pair in pairs}
    return {key: value for key, value in pairs.items() if key != HIDDEN_TAG}
