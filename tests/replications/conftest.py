"""One thread of linear algebra: many small products on a busy machine are ten times slower with several."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    with threadpool_limits(limits=1):
        yield
