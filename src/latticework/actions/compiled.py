"""Compiled programs are kept between runs, so that only the first one of a version and machine waits for a compiler."""

import os

import jax
import platformdirs

LEAST_SECONDS = 0.5  # of compilation: quicker programs are not worth a file


def keep_compiled() -> None:
    """Let JAX keep what it compiles in the user's cache folder; a folder named in JAX_COMPILATION_CACHE_DIR goes first.

    A folder that cannot be written costs a compilation and nothing else.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    jax.config.update("jax_compilation_cache_dir", platformdirs.user_cache_dir("latticework", appauthor=False))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", LEAST_SECONDS)
