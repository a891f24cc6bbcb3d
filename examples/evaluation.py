"""Motions against the truth: files of one name belong together.

python examples/evaluation.py captured/ truth/
"""

import sys

from vimo_pipeline.metrics.evaluation import as_table, evaluate, read_motions

if __name__ == "__main__":
    captured, truth = (read_motions(folder) for folder in sys.argv[1:])
    # FID, KID and Div want hundreds of windows: leave distribution=False out once there are.
    found = evaluate(captured, truth, pairs=True, distribution=False)
    print(as_table(found))
