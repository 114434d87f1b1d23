"""Compiled programs are kept between runs, so that only the first one of a version and machine waits for a compiler."""

import os

import jax

from latticework.actions.kept import cache_folder

LEAST_SECONDS = 0.5  # of compilation: quicker programs are not worth a file
WIDTH = "xla_cpu_prefer_vector_width"


def keep_compiled() -> None:
    """Let JAX keep what it compiles in the user's cache folder; a folder named in JAX_COMPILATION_CACHE_DIR goes first.

    A folder that cannot be written costs a compilation and nothing else. The compiler may use a processor's widest
    vectors, which it does not by itself (a sixth faster where there are any), unless XLA_FLAGS says otherwise.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if WIDTH not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --{WIDTH}=512".strip()
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", LEAST_SECONDS)
