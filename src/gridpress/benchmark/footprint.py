"""What one step needs: operations, bytes, and memory, found in a process that does nothing else."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter
from torch.utils.flop_counter import FlopCounterMode

from gridpress.benchmark.cases import Case
from gridpress.benchmark.device import peak_memory, use_threads
from gridpress.benchmark.timing import run
from gridpress.benchmark.workload import Bench, Step, Workshop
from gridpress.errors import GridpressError
from gridpress.system.start_method import START_METHOD

REMEDY = "hardware.measure in params.yaml needs smaller batch_sizes or images, or fewer models"
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, bytes


class Footprint(NamedTuple):
    """Of one step: `flops` as torch counts them, `moved` bytes, number of `operations`; peaks in bytes."""

    flops: int
    moved: int
    operations: int
    process_peak: int
    device_peak: int | None


class Traffic(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts operations, and the bytes that each reads and writes; views and empty tensors are free.

    No fusion and no reuse of caches between operations is assumed, which is how PyTorch runs without
    compiling, apart from what a cache keeps.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.bytes = 0
        self.operations = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """See the class."""
        del types
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if func.is_view or func.overloadpacket in (torch.ops.aten.empty, torch.ops.aten.empty_like):
            return result
        read = list(_tensors((args, kwargs)))
        known = {id(tensor) for tensor in read}
        written = [tensor for tensor in _tensors(result) if id(tensor) not in known]
        declared = func._schema.arguments  # noqa: SLF001
        given = [*args, *(kwargs[each.name] for each in declared[len(args) :] if each.name in kwargs)]
        changed = [value for each, value in zip(declared, given, strict=False) if _is_written(each)]
        self.operations += 1
        self.bytes += sum(_size(tensor) for tensor in (*read, *written, *_tensors(changed)))
        return result


def count(step: Step) -> tuple[int, int, int]:
    """FLOPs (two per multiply-add), bytes and operations of one step."""
    with FlopCounterMode(display=False) as flops, Traffic() as traffic:
        run(step, 1)
    return flops.get_total_flops(), traffic.bytes, traffic.operations


def footprints(bench: Bench, cases: Sequence[Case]) -> Iterator[tuple[Case, Footprint]]:
    """The footprint of each case, each from a new process, in order.

    Raises:
        GridpressError: a case does not fit into memory.
    """
    context = multiprocessing.get_context(START_METHOD)
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        futures = [pool.submit(_footprint, bench, case) for case in cases]
        try:
            for case, future in zip(cases, futures, strict=True):
                yield case, _result(case, future)
        finally:
            pool.shutdown(cancel_futures=True)


def _result(case: Case, future: Future[Footprint]) -> Footprint:
    try:
        return future.result()
    except BrokenProcessPool:
        raise GridpressError(f"{case} was killed, perhaps for want of memory; {REMEDY}") from None
    except RuntimeError as error:
        if "memory" not in str(error):  # no class of its own on the CPU and on Apple's GPU
            raise
        raise GridpressError(f"{case} does not fit into the memory of its device; {REMEDY}") from None


def _footprint(bench: Bench, case: Case) -> Footprint:
    step = Workshop(bench).step(case)
    step.prepare()
    use_threads(1)  # they change no count
    flops, moved, operations = count(step)
    use_threads(step.threads)
    run(step, 1)  # only now do an optimizer's states stand beside a step's tensors
    process_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
    return Footprint(flops, moved, operations, process_peak, peak_memory(step.device))


def _tensors(values: Any) -> Iterator[Tensor]:
    return (value for value in tree_iter(values) if isinstance(value, Tensor))


def _is_written(argument: Any) -> bool:
    return argument.alias_info is not None and argument.alias_info.is_write


def _size(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()
