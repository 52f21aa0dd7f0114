"""Networks of finite width in torch: their tangent kernels, their linearisation, and training in closed form."""
