"""A real S3 protocol over loopback: moto's server, and fresh buckets in it."""

import itertools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

KEYS = {"access_key": "testing", "secret_key": "testing", "region": "us-east-1"}
_numbers = itertools.count()


class S3Server:
    """A running server: its `endpoint`, and `client`, a way to it that is not ours."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=KEYS["access_key"],
            aws_secret_access_key=KEYS["secret_key"],
            region_name=KEYS["region"],
        )

    def new_bucket(self, *, versioned: bool = True) -> str:
        name = f"bucket-{next(_numbers)}"
        self.client.create_bucket(Bucket=name)
        if versioned:
            self.client.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Enabled"}
            )
        return name


@contextmanager
def running_s3() -> Iterator[S3Server]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        s3 = S3Server(f"http://{host}:{port}")
        yield s3
        s3.client.close()
    finally:
        server.stop()
