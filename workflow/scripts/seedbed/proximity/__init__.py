"""Proximity measures on graphs, plain, cosine and logarithmic, and clusters of nodes that need no truth to be tuned.

Names are imported on first use: neither numba nor networkx nor scikit-learn is loaded before it is needed.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "GraphProximity": "clustering.graph_proximity",
        "proximity": "clustering.graph_proximity",
        "ProximityClustering": "clustering.proximity_clustering",
        "read_graph": "files.read_graph",
        "Graph": "graphs.graph",
        "FAMILIES": "measures.families",
        "MEASURES": "measures.families",
        "block_likelihood": "partitions.criteria",
        "degree_corrected_likelihood": "partitions.criteria",
        "integrated_likelihood": "partitions.criteria",
        "modularity": "partitions.criteria",
        "KernelKMeans": "partitions.kernel_kmeans",
        "KernelWard": "partitions.kernel_ward",
        "refine_partition": "partitions.refinement",
        "reject_curve": "partitions.reject_curves",
    },
)
