"""How a draft is drawn: words choose a silhouette, a palette becomes inks, a scene becomes SVG."""
