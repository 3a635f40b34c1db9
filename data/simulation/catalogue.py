"""Decides what the sample world is made of: brands, products, names, places, platforms, content, seasons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One product on sale: price in rupees, gross margin as a share (0–1), popularity as a weight inside its brand."""

    brand: str
    name: str
    product_category: str
    price: float
    margin: float
    popularity: float


BRANDS: tuple[str, ...] = ("MuscleBlaze", "HKVitals", "Gritzo")
BRAND_SHARES: tuple[float, ...] = (0.40, 0.36, 0.24)  # of the always-on orders

PRODUCTS: tuple[Product, ...] = (
    Product("MuscleBlaze", "Biozyme Whey 1 kg", "Protein", 2699.0, 0.34, 5),
    Product("MuscleBlaze", "Raw Whey 1 kg", "Protein", 1899.0, 0.26, 4),
    Product("MuscleBlaze", "Mass Gainer 1 kg", "Protein", 1349.0, 0.29, 3),
    Product("MuscleBlaze", "Creatine 250 g", "Performance", 899.0, 0.47, 4),
    Product("MuscleBlaze", "Pre-Workout Wrathx", "Performance", 1299.0, 0.55, 2),
    Product("MuscleBlaze", "BCAA Pro", "Performance", 1149.0, 0.52, 2),
    Product("MuscleBlaze", "Peanut Butter 750 g", "Healthy food", 449.0, 0.18, 3),
    Product("MuscleBlaze", "Protein Bar, box of 6", "Healthy food", 599.0, 0.24, 3),
    Product("HKVitals", "Multivitamin 60", "Vitamins", 549.0, 0.61, 5),
    Product("HKVitals", "Omega 3, 60 capsules", "Vitamins", 699.0, 0.48, 4),
    Product("HKVitals", "Biotin 90", "Beauty nutrition", 499.0, 0.66, 3),
    Product("HKVitals", "Skin Radiance Collagen", "Beauty nutrition", 1049.0, 0.58, 4),
    Product("HKVitals", "Joint Support", "Vitamins", 799.0, 0.44, 2),
    Product("HKVitals", "Vitamin C 60", "Vitamins", 349.0, 0.38, 2),
    Product("HKVitals", "Apple Cider Vinegar", "Healthy food", 379.0, 0.27, 2),
    Product("Gritzo", "SuperMilk Young Athletes", "Kids nutrition", 849.0, 0.42, 4),
    Product("Gritzo", "SuperMilk Daily Nutrition", "Kids nutrition", 649.0, 0.36, 5),
    Product("Gritzo", "SuperMilk Height+", "Kids nutrition", 899.0, 0.53, 3),
    Product("Gritzo", "SuperMilk Genius+", "Kids nutrition", 879.0, 0.51, 2),
    Product("Gritzo", "Kids Multivitamin Gummies", "Vitamins", 449.0, 0.62, 2),
    Product("Gritzo", "Millet Cookies", "Healthy food", 249.0, 0.21, 1),
)

FEMALE_NAMES: tuple[str, ...] = tuple(
    "Aanya Aditi Ananya Anjali Bhavna Deepika Diya Esha Fatima Gauri Harpreet Isha Jyoti Kavya Kiara Lakshmi Meera "
    "Mitali Nandini Neha Nisha Pooja Pragya Priya "
    "Radhika Riya Sakshi Sanya Shreya Simran Sneha Tanvi Trisha Zoya".split()
)
MALE_NAMES: tuple[str, ...] = tuple(
    "Aarav Abhishek Aditya Aman Arjun Ayaan Bharat Chirag Dev Dhruv Farhan Gaurav Harsh Ishaan Karan Kabir Kunal "
    "Manish Mohit Nikhil Nirav Pranav "
    "Rahul Rajat Rohan Sahil Sameer Siddharth Tarun Varun Vikram Vivek Yash Zaid".split()
)
LAST_NAMES: tuple[str, ...] = tuple(
    "Agarwal Ahmed Bansal Bhat Bose Chauhan Chopra Das Desai Dutta Fernandes Gandhi Ghosh Gill Gupta Iyer Jain Joshi "
    "Kapoor Kaur Khan Kulkarni Malhotra Mehta Menon Mishra Nair Patel "
    "Pillai Rao Reddy Saxena Shah Sharma Singh Verma".split()
)
GENDERS: dict[str, float] = {"Female": 0.50, "Male": 0.46, "Other": 0.04}

# city and its weight
CITIES: dict[str, float] = {
    "Mumbai": 0.19, "Delhi": 0.18, "Bengaluru": 0.15, "Hyderabad": 0.10, "Pune": 0.09, "Chennai": 0.07,
    "Kolkata": 0.06, "Ahmedabad": 0.05, "Jaipur": 0.04, "Chandigarh": 0.04, "Lucknow": 0.03,
}  # fmt: skip
PERSONAS: tuple[str, ...] = ("Gym regulars", "Young professionals", "New parents", "Students", "Home cooks", "Runners")

# home platform and its weight
PLATFORMS: dict[str, float] = {"Instagram": 0.52, "YouTube": 0.22, "Facebook": 0.10, "TikTok": 0.08, "Twitter": 0.08}
POST_ADDRESS: dict[str, str] = {
    "Instagram": "https://www.instagram.com/p/{code}/",
    "YouTube": "https://www.youtube.com/watch?v={code}",
    "Facebook": "https://www.facebook.com/posts/{code}",
    "TikTok": "https://www.tiktok.com/video/{code}",
    "Twitter": "https://twitter.com/i/status/{code}",
}
VIDEO_SHARES: dict[str, float] = {"Instagram": 0.6, "YouTube": 1.0, "Facebook": 0.4, "TikTok": 1.0, "Twitter": 0.15}

# content niche: weight, engagement rate of a 50,000-follower account
CONTENT: dict[str, tuple[float, float]] = {
    "Fitness": (0.30, 0.044),
    "Nutrition": (0.18, 0.040),
    "Yoga": (0.11, 0.050),
    "Parenting": (0.13, 0.054),
    "Lifestyle": (0.12, 0.030),
    "Food": (0.09, 0.047),
    "Beauty": (0.07, 0.035),
}
CAPTIONS: tuple[str, ...] = (
    "{product} has been in my kit for a month, here is what changed",
    "My code saves you 10% on {brand}, link in bio 💪",
    "Honest review: {product}, taste, price, results",
    "What I eat in a day, with {product}",
    'You asked "does it work?" So I tried {product} for 30 days',
    "{theme} routine with {brand}: small steps, every day",
    "Three mistakes people make with {product_category}",
    "Morning ritual ☀️ {product} #ad #{brand}",
)

# month of the middle of a campaign → its theme
THEMES: dict[int, str] = {
    1: "New Year", 2: "Exam Season", 3: "Holi", 4: "Summer Start", 5: "Summer Break", 6: "Yoga Month",
    7: "Monsoon", 8: "Independence Day", 9: "Navratri", 10: "Diwali", 11: "Winter", 12: "Year End",
}  # fmt: skip

WEEKDAY_DEMAND: tuple[float, ...] = (0.95, 0.92, 0.93, 0.97, 1.02, 1.12, 1.09)  # Monday first
# first and last (month, day), and how many times a usual day's demand
FESTIVE_DEMAND: tuple[tuple[tuple[int, int], tuple[int, int], float], ...] = (
    ((10, 1), (10, 14), 1.35),
    ((10, 15), (10, 24), 1.95),
    ((10, 25), (11, 15), 1.30),
    ((12, 28), (12, 31), 1.25),
    ((1, 1), (1, 15), 1.60),
    ((3, 1), (3, 8), 1.15),
)
YEARLY_GROWTH = 0.25
