Feature: What was entered wrongly
  Nothing is erased. A correction is a step of its own with a reason; both values stay, and what rests on the
  corrected step follows.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: a value is told otherwise and both stay
    Scenario: The dispute is about land, not about neighbours
      Given Asha's dispute with Bram is screened
      When Ding corrects the "category" of "Answer the safety questions" to "land"
      Then the audit trail keeps both "neigh" and "land"
      And the audit trail keeps the reason "misheard"

    Scenario: A deadline that hangs on the grade is counted anew
      Given Asha's dispute with Bram is screened
      When Ding corrects the "risk" of "Answer the safety questions" to "orange"
      Then the deadline "Way decided" is Wednesday 17 April 2024

  Rule: who did it, who typed it and the heads correct it
    Scenario: Somebody else thinks otherwise
      Given Asha's dispute with Bram is screened
      When Wang corrects the "category" of "Answer the safety questions" to "land"
      Then it is refused because "is corrected by"

  Rule: an act is taken back as long as nothing was built on it
    Scenario: Screened the wrong case
      Given Asha's dispute with Bram is reported
      And Ding has screened it yellow with every answer no
      When Ding takes back "Answer the safety questions"
      Then the case is "Reported"
      And the audit trail ends with "Taken back"

    Scenario: The parties were asked already
      Given Asha's dispute with Bram is waiting for consent
      When Ding takes back "Answer the safety questions"
      Then it is refused because "was built on it"
      And the case is "Waiting for consent"

  Rule: whether a deadline was kept is for the head to say
    Scenario: The desk says it was in time
      Given Asha's dispute with Bram is reported
      And it has become Wednesday 17 April 2024, 09:00
      And Ding has screened it yellow with every answer no
      When Ding says that "Answer the safety questions" was done on Monday 15 April 2024, 10:00
      Then it is refused because "only those who may correct what others did"
      And "Safety questions" still counts as missed

    Scenario: The head says it was in time
      Given Asha's dispute with Bram is reported
      And it has become Wednesday 17 April 2024, 09:00
      And Ding has screened it yellow with every answer no
      When Chen says that "Answer the safety questions" was done on Monday 15 April 2024, 10:00
      Then "Safety questions" counts as kept
      And the measure "acknowledged" moves from 09:00 to 10:00
