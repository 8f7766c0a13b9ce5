"""A minimal Streamlit page with the same slider and fans: streamlit run benchmarks/page_streamlit.py"""

import sys
from pathlib import Path

import streamlit

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.fan import LEAST, MOST, START, STEP, figures

spending = streamlit.slider("AI spending", LEAST, MOST, START, STEP)
for place, figure in enumerate(figures(spending)):
    streamlit.plotly_chart(figure, key=f"fan-{place}")
