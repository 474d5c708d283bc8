"""A storage that speaks S3, in a thread of the tests."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import boto3
from django.conf import settings
from django.test import override_settings
from moto.server import ThreadedMotoServer

OPTIONS = {"access_key": "key", "secret_key": "secret", "region_name": "eu-central-1"}


@cache
def server_address() -> str:
    """Of one server for each process of the tests; it ends with the process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def new_bucket() -> str:
    """The name of an empty bucket of that server."""
    name = f"bucket-{secrets.token_hex(4)}"
    client = boto3.client(
        "s3",
        endpoint_url=server_address(),
        aws_access_key_id=OPTIONS["access_key"],
        aws_secret_access_key=OPTIONS["secret_key"],
        region_name=OPTIONS["region_name"],
    )
    place = {"LocationConstraint": OPTIONS["region_name"]}
    client.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


@contextmanager
def files_in(bucket: str, address: str = "") -> Iterator[None]:
    """The portal keeps its files there. `address`: of another server."""
    options = {**OPTIONS, "bucket_name": bucket, "endpoint_url": address or server_address()}
    storage = {"BACKEND": "members.bucket.BucketStorage", "OPTIONS": options}
    with override_settings(STORAGES={**settings.STORAGES, "default": storage}):
        yield
