Feature: A reward for a clue
  Ten working days to decide, thirty days to claim it, and of several who told the same the first has it.

  Background:
    Given it is Monday 11 March 2024, 09:00

  Rule: reward_decision - it is decided within ten working days after the case is solved
    Scenario: Over the May holidays, with two weekend days that are worked
      Given the case of Asha's and Bram's clue was filed
      And it has become Friday 26 April 2024, 17:00
      When Ou records that it is solved
      Then the deadline "Reward to be decided" is Monday 13 May 2024

  Rule: first_to_tell - of several the first is rewarded
    Scenario: The second
      Given Asha's and Bram's clue solved a case on Friday 26 April 2024, 17:00
      When Chen grants the reward to Bram
      Then it is refused under "first_to_tell"

    Scenario: The first
      Given Asha's and Bram's clue solved a case on Friday 26 April 2024, 17:00
      When Chen grants the reward to Asha
      Then the case is "Reward to be claimed"
      And Asha and Bram have the "Notice of a reward"

    Scenario: Nobody gave a name
      Given a clue without a name solved a case on Friday 26 April 2024, 17:00
      When Chen grants the reward to whoever shows the code
      Then the case is "Reward to be claimed"

  Rule: reward_claim - it is claimed within thirty days
    Scenario: The last day
      Given Asha's and Bram's clue solved a case on Friday 26 April 2024, 17:00
      And it has become Monday 29 April 2024, 10:00
      When Chen grants the reward to Asha
      Then the deadline "Reward may be claimed" is Wednesday 29 May 2024

    Scenario: Nobody came
      Given Chen has granted a reward to Asha on Monday 29 April 2024, 10:00
      When it becomes Thursday 30 May 2024, 00:00
      Then the case is closed as "Solved, reward not claimed"

    Scenario: The wrong code
      Given Chen has granted a reward to Asha on Monday 29 April 2024, 10:00
      When Ou pays it to somebody whose code does not fit
      Then it is refused under "is_the_one"

    Scenario: Paid
      Given Chen has granted a reward to Asha on Monday 29 April 2024, 10:00
      When Ou pays it to Asha
      Then the case is closed as "Solved and rewarded"
