"""The von Mises-Fisher law: fitting, sampling, mixtures, many groups at once."""
